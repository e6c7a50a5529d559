@NullMarked
package dev.aerie.image;

import org.jspecify.annotations.NullMarked;
