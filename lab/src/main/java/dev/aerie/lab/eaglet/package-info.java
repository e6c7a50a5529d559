/// Eaglet, the mixture that fits in the box: its sizes, and how it comes to be from nothing.
@NullMarked
package dev.aerie.lab.eaglet;

import org.jspecify.annotations.NullMarked;
