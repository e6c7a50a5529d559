/// The experts: each turns normalised pixels into a map of features and publishes its sizes in a
/// [dev.aerie.vision.ExpertSpec]. They know nothing of fusion or language.
@NullMarked
package dev.aerie.vision;

import org.jspecify.annotations.NullMarked;
