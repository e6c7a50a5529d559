/// The seam to libtorch: the only package that sees `org.bytedeco`. A [dev.aerie.tensor.Tensor] is a handle on native
/// memory that a [dev.aerie.tensor.TensorScope] frees; operations carry the field's names and report errors with the
/// operation and the shapes.
@NullMarked
package dev.aerie.tensor;

import org.jspecify.annotations.NullMarked;
