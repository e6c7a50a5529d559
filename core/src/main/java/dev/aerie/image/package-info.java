/// From the bytes of a file to the numbers a vision encoder reads: decode, orient, pad, resize, normalise. Every result
/// equals what the reference computes with Pillow and the Hugging Face image processors, byte for byte where the format
/// permits it.
@NullMarked
package dev.aerie.image;

import org.jspecify.annotations.NullMarked;
