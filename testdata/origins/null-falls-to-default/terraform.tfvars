session     = null
description = null
