@NullMarked
package dev.aerie.eagle;

import org.jspecify.annotations.NullMarked;
