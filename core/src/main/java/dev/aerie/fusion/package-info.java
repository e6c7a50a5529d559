/// How the experts' feature maps become visual tokens: the fusion methods and the projector.
@NullMarked
package dev.aerie.fusion;

import org.jspecify.annotations.NullMarked;
