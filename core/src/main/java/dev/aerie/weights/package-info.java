@NullMarked
package dev.aerie.weights;

import org.jspecify.annotations.NullMarked;
