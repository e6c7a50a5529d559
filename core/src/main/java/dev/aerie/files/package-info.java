/// Files that are there whole or not at all, and the room that they need.
@NullMarked
package dev.aerie.files;

import org.jspecify.annotations.NullMarked;
