/// The public benchmarks: what is asked, how answers are scored, runs over them and reports.
@NullMarked
package dev.aerie.evaluate;

import org.jspecify.annotations.NullMarked;
