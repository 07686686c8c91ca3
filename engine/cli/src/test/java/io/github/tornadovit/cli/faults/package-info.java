/**
 * Commands on what fails: a full disk behind standard output, a device that is lost, images and
 * heaps of the wrong size. The package of the same name in the engine's tests lists all faults.
 */
@NullMarked
package io.github.tornadovit.cli.faults;

import org.jspecify.annotations.NullMarked;
