/// Ways to look at a picture in several views, so that more of its pixels are seen than an encoder takes at once.
@NullMarked
package dev.aerie.tiling;

import org.jspecify.annotations.NullMarked;
