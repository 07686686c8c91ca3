/**
 * Events for the JDK's Flight Recorder, all in category {@code tornado-vit}: what the engine loads,
 * builds, runs and decodes, and what it fell back to.
 *
 * <p>Without a recording, or with one that leaves them out, an event costs a test of a flag; what
 * fills its fields is computed only for one that is kept.
 */
@NullMarked
package io.github.tornadovit.engine.event;

import org.jspecify.annotations.NullMarked;
