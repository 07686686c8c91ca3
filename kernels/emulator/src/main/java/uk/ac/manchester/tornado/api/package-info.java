/**
 * The slice of the TornadoVM API that this project uses. Names and signatures are those of
 * tornado-api 5.2.0, so that the same sources compile against either, and classes compiled against
 * this slice link with the real one; {@code SliceTest} compares the two where an SDK is installed.
 * What is not here is not used: add it with the check that it deserves.
 */
package uk.ac.manchester.tornado.api;
