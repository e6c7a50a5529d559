/// A model in training: its parameters, batches, the forward pass and the loss.
@NullMarked
package dev.aerie.train.model;

import org.jspecify.annotations.NullMarked;
