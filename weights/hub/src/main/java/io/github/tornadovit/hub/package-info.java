/**
 * Checkpoints by name from the Hugging Face hub, in the cache that huggingface_hub keeps.
 *
 * <pre>
 * HF_HUB_CACHE, or HF_HOME/hub, or ~/.cache/huggingface/hub
 *   models--ORG--NAME/
 *     refs/REVISION              the commit of a branch or tag, 40 hexadecimal digits
 *     blobs/ETAG                 a file by its checksum
 *     blobs/ETAG.incomplete      a file that is still coming, or that an interrupted download left
 *     snapshots/COMMIT/FILE      a relative link to its blob; a file where links do not work
 *     .no_exist/COMMIT/FILE      empty: the commit has no such file
 *   .locks/models--ORG--NAME/ETAG.lock
 * </pre>
 *
 * <p><b>Protocol.</b> {@code HEAD ENDPOINT/ID/resolve/REVISION/FILE} names commit, etag, size and
 * where the bytes are; {@code GET} of that place, from a byte on, brings them. The first request
 * settles the commit; every other file is asked for at that commit, so that a snapshot is of one
 * commit even while the branch moves. With all files there, a branch costs that one request and a
 * commit none.
 *
 * <p><b>Which files.</b> {@code config.json}, the image processor's files, and the weights in the
 * first form that is there: safetensors before PyTorch, whole before sharded, shards by the index.
 * Nothing else is ever asked for.
 *
 * <p><b>Side by side.</b> All files are asked for before the first comes, so that their bytes are
 * known and their space is looked for; then they come on a few threads, each with its own attempts.
 * The first that fails interrupts the others, whose parts stay for the next time.
 *
 * <p><b>Proxies.</b> Java's, else the environment's by httpx's rules ({@link
 * io.github.tornadovit.hub.ProxySettings}). A password for a tunnel goes by way of a relay on the
 * loopback interface, since the JDK's client takes it out.
 *
 * <p><b>Checks.</b> A file gets its name in {@code blobs} when its length is the one announced and
 * its checksum the etag: SHA-256 (64 digits, large files), or git's SHA-1 of a blob (40 digits). An
 * etag of another form is a mirror's; then the length must do, and nothing is resumed.
 *
 * <p><b>Trust.</b> A server's commits, etags and file names become paths only after they match a
 * narrow pattern; redirects are counted, never leave https, and never carry the token to another
 * scheme, host or port. Sizes are limited before the first byte is written.
 *
 * <p><b>Several at once.</b> One process downloads a file, others wait for it, Python's among them:
 * the lock is flock, as there, if the JVM may call native code, else the JDK's. A lock that does
 * not work (some network file systems) costs bandwidth alone: whoever does not own the incomplete
 * file writes one of its own, and a finished file is moved into place in one step.
 */
@NullMarked
package io.github.tornadovit.hub;

import org.jspecify.annotations.NullMarked;
