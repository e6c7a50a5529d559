/// Weight files: safetensors and PyTorch's, single or in shards, mapped and never executed; and a writer of
/// safetensors.
///
/// [Checkpoint] opens what a model comes in and finds tensors by name; [StoredTensor] is a tensor as it lies in
/// its file. Every file is taken for hostile: what it says is checked against its size before memory is touched
/// or taken.
@NullMarked
package dev.aerie.weights;

import org.jspecify.annotations.NullMarked;
