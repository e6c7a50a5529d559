<<<<<<< HEAD
/// Golden cases of training.
=======
/// Golden cases of training, run by `dev.aerie.parity`.
>>>>>>> c960d18
@NullMarked
package dev.aerie.train.parity;

import org.jspecify.annotations.NullMarked;
