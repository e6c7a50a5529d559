@NullMarked
package dev.aerie.language;

import org.jspecify.annotations.NullMarked;
