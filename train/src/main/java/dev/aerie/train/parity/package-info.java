/// Golden cases of training.
@NullMarked
package dev.aerie.train.parity;

import org.jspecify.annotations.NullMarked;
