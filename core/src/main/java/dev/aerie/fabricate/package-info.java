/// Checkpoints of published sizes with random weights: for tests, demonstrations of loading, and people who size a
/// machine.
@NullMarked
package dev.aerie.fabricate;

import org.jspecify.annotations.NullMarked;
