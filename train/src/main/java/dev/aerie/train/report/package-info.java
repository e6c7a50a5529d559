/// A run as one HTML page that needs nothing else: curves, settings, data, samples and costs.
@NullMarked
package dev.aerie.train.report;

import org.jspecify.annotations.NullMarked;
