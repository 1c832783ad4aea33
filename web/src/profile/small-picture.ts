const LONGEST_SIDE = 256 // pixels, for the sharpest screens that show it 72 wide

/** The middle of a picture, small enough to stand beside every name. @throws Error that says what is wrong with the file */
export async function smallPicture(file: File): Promise<File> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new Error('This is no picture that a browser can show.')
  })
  const side = Math.min(picture.width, picture.height)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = Math.min(side, LONGEST_SIDE)
  const [x, y] = [(picture.width - side) / 2, (picture.height - side) / 2]
  canvas.getContext('2d')?.drawImage(picture, x, y, side, side, 0, 0, canvas.width, canvas.height)
  picture.close()
  // A PNG where the browser doesn't write WebP.
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', 0.9))
  if (!blob) throw new Error('This picture could not be made smaller.')
  return new File([blob], `picture.${blob.type.slice('image/'.length)}`, { type: blob.type })
}
