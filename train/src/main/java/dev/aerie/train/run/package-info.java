/// Runs of training: steps, checkpoints to go on from, exports.
@NullMarked
package dev.aerie.train.run;

import org.jspecify.annotations.NullMarked;
