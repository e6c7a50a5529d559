/// The miniature world: pictures of seven kinds, drawn from a seed, with all that is to be known about them.
@NullMarked
package dev.aerie.lab.world;

import org.jspecify.annotations.NullMarked;
