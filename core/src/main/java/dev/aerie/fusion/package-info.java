@NullMarked
package dev.aerie.fusion;

import org.jspecify.annotations.NullMarked;
