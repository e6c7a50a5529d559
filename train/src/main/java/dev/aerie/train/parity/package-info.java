/// Golden cases of training, run by `dev.aerie.parity`.
@NullMarked
package dev.aerie.train.parity;

import org.jspecify.annotations.NullMarked;
