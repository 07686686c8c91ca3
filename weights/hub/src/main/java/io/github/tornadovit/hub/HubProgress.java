package io.github.tornadovit.hub;

/**
 * The progress of a model's download: of one of its files, and of all. Files that were in the cache
 * before are not counted.
 *
 * @param file the one that bytes came in of, by its name in the model
 * @param fileDone bytes of it that are there
 * @param fileTotal its length in bytes; 0 if the server does not say
 * @param done bytes of all files that are there, with what an interrupted download left; smaller
 *     than before where a file has to be started again
 * @param total length of all files in bytes, known from the first call on; 0 if the server does not
 *     say that of each
 * @param received bytes that came in since the download began; the ones for a rate
 */
public record HubProgress(
    String file, long fileDone, long fileTotal, long done, long total, long received) {}
