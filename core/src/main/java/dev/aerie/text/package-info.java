@NullMarked
package dev.aerie.text;

import org.jspecify.annotations.NullMarked;
