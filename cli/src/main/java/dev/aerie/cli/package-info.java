@NullMarked
package dev.aerie.cli;

import org.jspecify.annotations.NullMarked;
