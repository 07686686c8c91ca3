package uk.ac.manchester.tornado.api.enums;

/** Shapes of a product of a warp. */
public enum MMAShape {
  M16N8K16
}
