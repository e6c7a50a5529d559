/// Layers: final classes that ask a [dev.aerie.nn.ParameterSource] for their tensors and are pure functions of them.
@NullMarked
package dev.aerie.nn;

import org.jspecify.annotations.NullMarked;
