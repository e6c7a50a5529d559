@NullMarked
package dev.aerie;

import org.jspecify.annotations.NullMarked;
