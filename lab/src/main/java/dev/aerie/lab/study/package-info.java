/// Studies: plans of cells, each a chain of works with a score, and what came of them.
@org.jspecify.annotations.NullMarked
package dev.aerie.lab.study;
