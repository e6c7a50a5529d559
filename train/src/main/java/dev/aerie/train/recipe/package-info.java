/// Training as data: what learns at which rate, on what, how long, from where. A [dev.aerie.train.recipe.Recipe] is a
/// row of [dev.aerie.train.recipe.Stage]s, read strictly from YAML.
@NullMarked
package dev.aerie.train.recipe;

import org.jspecify.annotations.NullMarked;
