/// What the miniature's experts learn before they meet: each a task of its own on the drawn world, so that they come
/// with different skills, as the published ones do.
@NullMarked
package dev.aerie.lab.pretrain;

import org.jspecify.annotations.NullMarked;
