print("rondod: not assembled yet")
