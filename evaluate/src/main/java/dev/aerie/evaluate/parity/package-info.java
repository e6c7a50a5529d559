/// Golden cases of the scorers.
@NullMarked
package dev.aerie.evaluate.parity;

import org.jspecify.annotations.NullMarked;
