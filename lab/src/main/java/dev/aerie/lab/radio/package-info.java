/// Several teachers distilled into one student, as RADIO does (AM-RADIO, arXiv 2312.06709; PHI-S, arXiv 2410.01680),
/// in miniature: the experts of Eaglet teach a vision transformer of CLIP's kind.
@NullMarked
package dev.aerie.lab.radio;

import org.jspecify.annotations.NullMarked;
