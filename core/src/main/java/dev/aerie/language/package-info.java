/// The Llama family of decoders and how text is generated with them.
@NullMarked
package dev.aerie.language;

import org.jspecify.annotations.NullMarked;
