@NullMarked
package dev.aerie.parity;

import org.jspecify.annotations.NullMarked;
