/// What a run writes down while it trains: steps, validations and samples, to JSON lines and to TensorBoard, the first
/// two to the terminal as well, in the places that [dev.aerie.train.log.RunFolder] names.
@NullMarked
package dev.aerie.train.log;

import org.jspecify.annotations.NullMarked;
