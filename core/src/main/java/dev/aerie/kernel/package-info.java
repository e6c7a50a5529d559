/// The products of a decode step, computed straight from mapped weights with the Vector API: a matrix times a
/// vector, one query against a cache. At batch 1 each weight is used once, so the speed of these loops is the
/// speed of memory.
@NullMarked
package dev.aerie.kernel;

import org.jspecify.annotations.NullMarked;
