/**
 * A front for many callers of one model: it gathers their images into batches, bounds how many
 * wait, and gives each caller a future of its own.
 */
@NullMarked
package io.github.tornadovit.engine.service;

import org.jspecify.annotations.NullMarked;
