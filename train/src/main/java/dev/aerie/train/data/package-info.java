/// Training data: from records on disk to samples that the model takes.
@NullMarked
package dev.aerie.train.data;

import org.jspecify.annotations.NullMarked;
