@NullMarked
package dev.aerie.vision;

import org.jspecify.annotations.NullMarked;
