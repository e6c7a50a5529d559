/// What runs come to: figures with their intervals beside the published ones, comparisons, and pages to look through.
@NullMarked
package dev.aerie.evaluate.report;

import org.jspecify.annotations.NullMarked;
