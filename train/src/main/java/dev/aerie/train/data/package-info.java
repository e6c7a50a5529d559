/// Training data: records and pictures from the files they come in, mixtures of them, the rows that a model is trained
/// on, the order in which they come, and a loader that runs ahead. A record that cannot be used is found, named and
/// skipped; nothing stands in for it.
@NullMarked
package dev.aerie.train.data;

import org.jspecify.annotations.NullMarked;
