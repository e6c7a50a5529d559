@NullMarked
package dev.aerie.tensor;

import org.jspecify.annotations.NullMarked;
