/**
 * Stands in for TornadoVM's module of the same name where no SDK is installed: the same packages
 * and signatures, as far as this project uses them, executed and checked in a plain JVM.
 */
module tornado.api {
  requires static transitive org.jspecify;

  exports uk.ac.manchester.tornado.api;
  exports uk.ac.manchester.tornado.api.annotations;
  exports uk.ac.manchester.tornado.api.common;
  exports uk.ac.manchester.tornado.api.enums;
  exports uk.ac.manchester.tornado.api.exceptions;
  exports uk.ac.manchester.tornado.api.math;
  exports uk.ac.manchester.tornado.api.runtime;
  exports uk.ac.manchester.tornado.api.types;
  exports uk.ac.manchester.tornado.api.types.arrays;
}
