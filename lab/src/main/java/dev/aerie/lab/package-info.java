/// Experiments: the drawn miniature world, Eaglet, studies.
@NullMarked
package dev.aerie.lab;

import org.jspecify.annotations.NullMarked;
