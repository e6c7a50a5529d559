/// What a detector and a text reader find in a picture, as words in the prompt (MoAI, IVE, Prismer).
@NullMarked
package dev.aerie.lab.words;

import org.jspecify.annotations.NullMarked;
