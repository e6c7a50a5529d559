@NullMarked
package dev.aerie.nn;

import org.jspecify.annotations.NullMarked;
